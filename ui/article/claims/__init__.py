"""All claims, in the article's order."""

from ui.article.claim import Claim
from ui.article.claims import background, believed, gradients, heuristics, starts

CLAIMS: dict[str, Claim] = {
    claim.name: claim for part in (background, gradients, starts, heuristics, believed) for claim in part.CLAIMS
}
