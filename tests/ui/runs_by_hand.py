"""Runs without a browser or a session."""

from dataclasses import replace

import gradcore as gc
from ui.experiment import experiment_from
from ui.runs import LiveRun, train


def experiment(data="clouds", depth=3, width=6, activation="tanh", steps=50, **settings):
    values = {"data": data, "depth": depth, "width": width, "activation": activation, **settings}
    one = experiment_from(values)
    return replace(one, tspec=replace(one.tspec, steps=steps))


def run_to_the_end(experiment, speed=5):
    run = LiveRun(experiment)
    verdicts = {}
    while train([run], speed):
        verdicts |= run.verdicts
    return run, verdicts


def engine_records(experiment, data):
    return list(gc.train(experiment.spec, experiment.tspec, data, experiment.seed))
