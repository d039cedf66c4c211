"""The article, tested: each of its claims, predicted and then run."""

from ui import frame
from ui.article.links import arrive_at_claim
from ui.article.screen import article_screen

frame.page("The article, tested", frame.text("the_article_tested"))
arrive_at_claim()
article_screen()
