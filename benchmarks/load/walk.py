"""What visitors do: some stroll through the pages and change a setting here and there, two watch a network train."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

from benchmarks.load.visitor import SPEED, Visitor

PAGES = ("", "live_training", "compare_initializers", "saturation")
# Changed on each page that has it.
SETTING, WIDTHS = "Width", (24, 40)
CHANGES = 2
# A visitor looks for so long at what a change did.
LOOK_SECONDS = (1.0, 3.0)
TRAINING = 2
# As fast as the panel plays, and how many frames it has left when it asks for more.
FRAMES_A_SECOND, LOW_FRAMES = 30, 6


@dataclass
class Waits:
    """Seconds that visitors waited, by what for, and what went wrong."""

    opened: list[float] = field(default_factory=list)
    changed: list[float] = field(default_factory=list)
    ticked: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def together(address: str, count: int, seconds: float) -> Waits:
    """Let so many visitors in at once for a time: the last two train, the others stroll; a single one strolls."""
    waits, training = Waits(), min(TRAINING, count - 1)
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    walks = [stroll(address, waits, end, number) for number in range(count - training)]
    walks += [watch(address, waits, end, number) for number in range(training)]
    await asyncio.gather(*walks)
    return waits


async def stroll(address: str, waits: Waits, end: float, number: int) -> None:
    """Go from page to page until the time is over."""
    chance, loop = random.Random(number), asyncio.get_running_loop()
    async with Visitor(address) as visitor:
        await asyncio.sleep(chance.uniform(0, LOOK_SECONDS[1]))
        turn = number
        while loop.time() < end:
            waits.opened.append(await visitor.open(PAGES[turn % len(PAGES)]))
            for _ in range(CHANGES):
                await asyncio.sleep(chance.uniform(*LOOK_SECONDS))
                if SETTING in visitor.numbers and loop.time() < end:
                    waits.changed.append(await visitor.set_whole(SETTING, chance.randint(*WIDTHS)))
            turn += 1
        waits.errors += visitor.errors


async def watch(address: str, waits: Waits, end: float, number: int) -> None:
    """Train on live training as the panel does: ask for more whenever the frames run low."""
    loop = asyncio.get_running_loop()
    async with Visitor(address) as visitor:
        seed, shown = number, 0
        await visitor.open("live_training", f"v=1&seed={seed}")
        while loop.time() < end and (panel := visitor.panel) is not None:
            if panel.finished:
                seed, shown = seed + TRAINING, 0
                await visitor.open("live_training", f"v=1&seed={seed}")
                continue
            waits.ticked.append(await visitor.tick(shown))
            if visitor.panel is None or visitor.panel.header[0]["kind"] != "chunk":
                waits.errors.append("the server sent no new steps")
                return
            shown += visitor.panel.records
            await asyncio.sleep(max(0, visitor.panel.records / SPEED - LOW_FRAMES) / FRAMES_A_SECOND)
        waits.errors += visitor.errors
