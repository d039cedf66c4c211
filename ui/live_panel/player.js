// The player: plays the tracks at its own pace, asks for more before it runs out.
const FRAME_MS = 1000 / 30, LOW_FRAMES = 6, MARKS = 100000, ASK_AGAIN_MS = 3000;
// While a recording plays: how often the server hears which step is shown, and the slowest pace, in ms.
const TELL_MS = 500, SLOW_MS = 100, SLOWEST_MS = 1500;
// Who has asked the system for less motion sees the pictures step twice a second; the run goes on at the same pace.
const CALM = matchMedia("(prefers-reduced-motion: reduce)"), CALM_FRAMES = 15;
const panels = new WeakMap();
let marks = 0;

function speed(panel) {
  return Number(panel.parts.speed.value);
}

function queued(panel) {
  return panel.tracks.some(track => track.queue.length);
}

function over(panel) {
  return panel.tracks.every(track => track.finished && !track.queue.length);
}

function stepShown(panel) {
  return Math.max(...panel.tracks.map(track => shown(track)?.step ?? -1));
}

function update(panel, packets) {
  if (packets.some((packet, i) => packet.run !== panel.tracks[i]?.run)) {
    // A panel put up anew gets what was sent last. If that is no whole course, ask for one.
    if (packets.some(packet => packet.kind === "chunk")) return hold(panel, "tick", { run: -1, at: performance.now() });
    panel.tracks = packets.map(newTrack);
    while (panel.views.length < packets.length) panel.views.push(newView(panel.root, remedy => hold(panel, "remedy", remedy)));
    Object.assign(panel, { asked: -Infinity, held: -Infinity, told: -Infinity, since: undefined, playing: !packets[0].paused });
    panel.root.classList.toggle("pair", packets.length > 1);
    panel.root.classList.toggle("single", packets.length === 1);
    forgetSizes();
  }
  const news = packets.map((packet, i) => receive(panel.tracks[i], packet));
  if (news.some(Boolean) || packets[0].answers >= panel.asked) panel.asked = -Infinity;
  panel.since ??= { at: performance.now(), trained: packets[0].trained };
  // A mini-batch that was asked for when there was none left is shown as soon as it is there.
  if (panel.owed && !panel.playing && queued(panel)) {
    next(panel, 1);
    settle(panel);
  }
  if (queued(panel) || panel.playing) panel.owed = false;
  if (packets[0].note !== panel.note) {
    panel.note = packets[0].note;
    say(panel);
  }
}

function ask(panel, now, steps = speed(panel)) {
  if (now - Math.max(panel.asked, panel.held) < ASK_AGAIN_MS || !mayAsk(now)) return;
  const low = Math.max(...panel.tracks.map(frames)) <= LOW_FRAMES && !panel.tracks.every(track => track.finished);
  if (!low && !(toCome(panel) && (behind(panel) > 0 || now - panel.told > TELL_MS))) return;
  panel.asked = panel.told = now;
  const received = Math.max(...panel.tracks.map(track => track.received));
  tell(panel, "tick", { run: panel.tracks[0].run, shown: stepShown(panel), received, speed: low ? steps : 0, at: now });
}

// Whether steps are in the queue that the panel has from a recording.
function toCome(panel) {
  return stepShown(panel) < panel.tracks[0].meta.recorded && queued(panel);
}

// Steps of the recording that the server has not trained itself yet.
function behind(panel) {
  const { recorded, trained } = panel.tracks[0].meta;
  return recorded - trained;
}

// Milliseconds a frame: what is recorded has to last until the server is ready to go on from its end.
function pace(panel, now) {
  const { meta } = panel.tracks[0], { since } = panel;
  if (!toCome(panel) || behind(panel) <= 0) return FRAME_MS;
  const stepsPerMs = (meta.trained - since.trained) / (now - since.at);
  if (!(stepsPerMs > 0)) return SLOW_MS;
  return Math.min(SLOWEST_MS, Math.max(FRAME_MS, behind(panel) / stepsPerMs / Math.max(...panel.tracks.map(frames))));
}

// Play no more of the recording: what comes next is trained now.
function goLive(panel) {
  const recorded = Math.max(...panel.tracks.map(track => track.history[track.history.length - 1]?.step ?? -1));
  for (const track of panel.tracks) Object.assign(track, { queue: [], received: recorded, cut: recorded, finished: false, meta: { ...track.meta, recorded } });
  play(panel);
}

// Nothing may follow such a message before its answer: it would carry the controls' old values and undo the change.
function hold(panel, event, value) {
  panel.held = performance.now();
  tell(panel, event, value);
}

function next(panel, steps, count = 1) {
  for (const track of panel.tracks) for (let i = 0; i < count; i++) take(track, steps);
  show(panel);
}

function loop(panel) {
  if (panel.turning) return;
  panel.turning = true;
  let last = 0;
  const turn = now => {
    if (!panel.root.isConnected || !panel.playing) { panel.turning = false; return; }
    const count = CALM.matches ? CALM_FRAMES : 1;
    if (queued(panel) && panel.tracks.every(ready) && now - last >= count * pace(panel, now) - 4) {
      last = now;
      next(panel, speed(panel), count);
    }
    ask(panel, now);
    if (over(panel)) pause(panel);
    requestAnimationFrame(turn);
  };
  requestAnimationFrame(turn);
}

function pause(panel) {
  panel.playing = false;
  label(panel);
  settle(panel);
}

function play(panel) {
  if (over(panel)) return;
  panel.playing = true;
  for (const track of panel.tracks) track.at = track.history.length - 1;
  label(panel);
  loop(panel);
}

// Tell the server where the visitor stopped, so that the figures below show the same.
function settle(panel) {
  if (stepShown(panel) >= 0) tell(panel, "paused", { step: stepShown(panel), at: performance.now() });
  panel.tracks.forEach((track, i) => shown(track) && describe(panel.views[i], track));
  say(panel);
}

function label(panel) {
  const { play: button, one, live } = panel.parts, ended = over(panel);
  text(button, panel.playing ? "Pause" : ended ? "Finished" : "Play");
  button.disabled = ended && !panel.playing;
  one.disabled = ended;
  live.hidden = !(panel.tracks[0]?.meta.recorded >= 0);
  live.style.visibility = toCome(panel) ? "visible" : "hidden"; // it keeps its place: nothing jumps
}

function say(panel) {
  const heads = panel.tracks.map(track => verdictOf(track)?.headline ?? "").join(" ");
  const thinned = panel.tracks.some(track => track.thinned || track.meta.thinned) ? " Older steps are thinned out to keep the memory small." : "";
  const now = panel.playing ? "" : "Step " + stepShown(panel).toLocaleString("en") + ". " + heads + thinned;
  text(panel.parts.status, [panel.note, now].filter(Boolean).join(" "));
}

function show(panel) {
  draw(panel);
  if (marks++ < MARKS) performance.mark("gradcore-frame", { detail: { step: stepShown(panel) } });
}

function draw(panel) {
  const { parts, tracks, views } = panel, track = tracks[0], record = track && shown(track);
  if (!record) return; // a panel put up anew has no track before its first whole course
  tracks.forEach((one, i) => drawTrack(views[i], one, tracks.length === 1));
  const recorded = stepShown(panel) <= track.meta.recorded;
  text(parts.clock, "step " + stepShown(panel).toLocaleString("en") + " · epoch " + Math.floor(record.step / track.meta.stepsPerEpoch + 1) + (recorded ? " · recorded" : ""));
  if ((parts.live.style.visibility === "visible") !== toCome(panel)) label(panel);
  parts.scrub.max = Math.max(...tracks.map(one => one.history.length)) - 1;
  parts.scrub.value = Math.max(...tracks.map(one => one.at));
  parts.scrub.setAttribute("aria-valuetext", "step " + stepShown(panel));
}

function scrubTo(panel, at) {
  for (const track of panel.tracks) track.at = Math.max(0, Math.min(at, track.history.length - 1));
  show(panel);
}

function oneBatch(panel) {
  panel.playing = false;
  label(panel);
  if (panel.tracks.some(track => track.at < track.history.length - 1)) scrubTo(panel, panel.tracks[0].at + 1);
  else if (queued(panel)) next(panel, 1);
  else {
    // Not settled before it is there: of two messages at once the server heeds the pause.
    panel.owed = true;
    return ask(panel, performance.now(), 1);
  }
  settle(panel);
}

function mount(root) {
  const find = name => root.querySelector(name);
  const names = ["play", "one", "restart", "reseed", "speed", "scrub", "clock", "status", "live"];
  const parts = Object.fromEntries(names.map(name => [name, find("." + name)]));
  const panel = { root, parts, tracks: [], views: [], asked: -Infinity, held: -Infinity };
  parts.play.onclick = () => (panel.playing ? pause(panel) : play(panel));
  parts.one.onclick = () => oneBatch(panel);
  parts.live.onclick = () => goLive(panel);
  parts.restart.onclick = () => hold(panel, "restart", { at: performance.now() });
  parts.reseed.onclick = () => hold(panel, "reseed", { at: performance.now() });
  parts.scrub.oninput = () => { panel.playing = false; label(panel); scrubTo(panel, Number(parts.scrub.value)); };
  parts.scrub.onchange = () => settle(panel);
  panel.root.addEventListener("toggle", () => draw(panel), true);
  panel.observer = new ResizeObserver(() => { keepHeights(root); forgetSizes(); draw(panel); });
  panel.observer.observe(root);
  return panel;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".panel");
  if (!root || !data) return;
  const panel = panels.get(root) ?? mount(root);
  panels.set(root, panel);
  panel.trigger = setTriggerValue;
  update(panel, parse(data));
  if (!panel.tracks.length) return;
  label(panel);
  loop(panel);
  draw(panel);
  return () => { if (!root.isConnected) panel.observer.disconnect(); };
}
