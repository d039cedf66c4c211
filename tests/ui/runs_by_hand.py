"""Runs without a browser or a session."""

import gradcore as gc
from ui.experiment import Experiment, network_for
from ui.runs import LiveRun


def experiment(dataset="clouds", depth=3, width=6, hidden="tanh", steps=50, **training):
    spec = network_for(dataset, depth, width, hidden, "xavier_normal")
    return Experiment(dataset, spec, gc.TrainingSpec(steps=steps, histogram_every=10, **training), seed=0)


def run_to_the_end(experiment, verdict_every=5):
    run = LiveRun(experiment)
    verdicts = {}
    while run.train(verdict_every):
        verdicts |= run.verdicts
    return run, verdicts


def engine_records(experiment, data):
    return list(gc.train(experiment.spec, experiment.tspec, data, experiment.seed))
