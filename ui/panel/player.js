// The player: keeps what arrives of each run, plays it at its own pace, asks for more before it runs out.
const FRAME_MS = 1000 / 30;
const LOW_FRAMES = 6;
const MARKS = 100000;
const ASK_AGAIN_MS = 3000;
// While a recording plays: how often the server hears which step is shown, and the slowest pace, in ms.
const TELL_MS = 500;
const SLOW_MS = 100;
const SLOWEST_MS = 1500;
// Frames that are skipped at most where drawing takes longer than playing.
const MOST_SKIPPED = 12;
const KEEP_BYTES = 3e6;
const KEEP_RECENT = 600;
// Who has asked the system for less motion sees the pictures step twice a second; the run goes on at the same pace.
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const CALM_FRAMES = 15;
const panels = new WeakMap();
let marks = 0;

// Runs as they arrive: a frame a record, with what only some records have (a verdict, pictures) in theirs.
function parse(data) {
  const { header, array } = opened(data);
  for (const packet of header) {
    const columns = Object.entries(packet.columns).map(([name, [at, kind, shape]]) => {
      const flat = array(at, kind, sizeOfAll(shape));
      return [name, shape.length > 1 ? inRows(flat, sizeOfAll(shape.slice(1))) : flat];
    });
    const extras = new Map();
    for (const { step, arrays, ...rest } of packet.extras) {
      const more = { ...extras.get(step), ...rest };
      for (const [name, [at, kind, shape]] of Object.entries(arrays ?? {})) {
        const flat = array(at, kind, sizeOfAll(shape)).slice();
        more[name] = shape.length > 1 ? inRows(flat, shape[1]) : flat;
      }
      extras.set(step, more);
    }
    packet.extrasByStep = extras;
    packet.list = Array.from({ length: packet.records }, (_, i) => {
      const frame = {};
      for (const [name, values] of columns) {
        const value = typeof values[i] === "number" ? values[i] : values[i].slice();
        if (!packet.sparse.includes(name) || hasNumber(value)) frame[name] = value;
      }
      return Object.assign(frame, extras.get(frame.step));
    });
    packet.recordBytes = 300 + columns.reduce((sum, [, values]) => sum + (values[0]?.byteLength ?? 8), 0);
  }
  return header;
}

function hasNumber(value) {
  return typeof value === "number" ? !Number.isNaN(value) : value.some((one) => !Number.isNaN(one));
}

function newTrack(packet, view) {
  return { run: packet.run, meta: packet, view, queue: [], frames: [], received: -1, at: -1, cut: Number.POSITIVE_INFINITY, finished: false };
}

// Returns whether anything new arrived.
function receive(track, packet) {
  // It was sent before the server heard that the visitor wants no more of the recording.
  if (packet.recorded > track.cut) return false;
  track.meta = { ...packet, charts: packet.charts ?? track.meta.charts, table: packet.table ?? track.meta.table };
  if (packet.heads) for (const table of track.view.body.querySelectorAll("[data-sortable]")) headTable(table, packet.heads);
  Object.assign(track.view.board.constants, packet.constants);
  const fresh = packet.list.filter(({ step }) => step > track.received);
  for (const [step, extra] of packet.extrasByStep) {
    const known = step <= track.received && track.frames.findLast((frame) => frame.step === step);
    if (known) Object.assign(known, extra);
  }
  if (!fresh.length && !packet.finished) return false;
  track.finished = packet.finished;
  const returning = track.received < 0 && packet.shown >= 0;
  for (const frame of fresh) (returning && frame.step <= packet.shown ? track.frames : track.queue).push(frame);
  if (fresh.length) track.received = fresh.at(-1).step;
  if (returning && track.frames.length) track.at = track.frames.length - 1;
  return true;
}

// Records with pictures: those are frames to stop at.
function frameCount(track) {
  return track.queue.reduce((count, { isFrame }) => count + (isFrame ? 1 : 0), 0);
}

function ready(track) {
  return track.finished || track.queue.some(({ isFrame }) => isFrame);
}

function take(track, steps) {
  for (let i = 0; i < steps && track.queue.length; i++) {
    track.frames.push(track.queue.shift());
    if (track.frames.at(-1).isFrame) break;
  }
  if (track.frames.length > Math.max(2 * KEEP_RECENT, KEEP_BYTES / track.meta.recordBytes)) {
    track.frames = track.frames.filter((_, i) => i % 2 === 0 || i >= track.frames.length - KEEP_RECENT);
    track.thinned = true;
  }
  track.at = track.frames.length - 1;
}

function shown(track) {
  return track.frames[track.at];
}

function stepShown({ tracks }) {
  return Math.max(...tracks.map((track) => shown(track)?.step ?? -1));
}

function speed(panel) {
  return Number(panel.parts.speed.value);
}

function queued({ tracks }) {
  return tracks.some(({ queue }) => queue.length);
}

function over({ tracks }) {
  return tracks.every(({ finished, queue }) => finished && !queue.length);
}

// Whether steps are in the queue that the panel has from a recording, and how many the server has not trained yet.
function toCome(panel) {
  return stepShown(panel) < panel.tracks[0].meta.recorded && queued(panel);
}

function behind({ tracks }) {
  return tracks[0].meta.recorded - tracks[0].meta.trained;
}

function update(panel, packets) {
  const { root } = panel;
  if (packets.some(({ run }, i) => run !== panel.tracks[i]?.run)) {
    // A panel put up anew gets what was sent last. If that is no whole course, ask for one.
    if (packets.some(({ charts }) => !charts)) return hold(panel, "tick", { run: -1, at: performance.now() });
    while (panel.views.length < packets.length) panel.views.push(newView(panel));
    panel.tracks = packets.map((packet, i) => newTrack(packet, panel.views[i]));
    for (const { view } of panel.tracks) view.board.constants = {};
    const [asked, held, told] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    Object.assign(panel, { asked, held, told, since: undefined, rested: false, last: 0, playing: !packets[0].paused });
    root.classList.toggle("pair", packets.length > 1);
    root.classList.toggle("single", packets.length === 1);
  }
  const news = packets.map((packet, i) => receive(panel.tracks[i], packet));
  if (news.some(Boolean) || packets[0].answers >= panel.asked) panel.asked = Number.NEGATIVE_INFINITY;
  panel.since ??= { at: performance.now(), trained: packets[0].trained };
  // A mini-batch that was asked for when there was none left is shown as soon as it is there.
  if (panel.owed && !panel.playing && queued(panel)) {
    next(panel, 1);
    settle(panel);
  }
  if (queued(panel) || panel.playing) panel.owed = false;
  // A question that came together with a pause is not answered: the server heeds the pause.
  if (panel.owed) panel.asked = Number.NEGATIVE_INFINITY;
  if (packets[0].note !== panel.note) {
    panel.note = packets[0].note;
    say(panel);
  }
}

function ask(panel, now, steps = speed(panel)) {
  if (now - Math.max(panel.asked, panel.held) < ASK_AGAIN_MS || !mayAsk(panel, now)) return;
  const low = Math.max(...panel.tracks.map(frameCount)) <= LOW_FRAMES && !panel.tracks.every(({ finished }) => finished);
  if (!low && !(toCome(panel) && (behind(panel) > 0 || now - panel.told > TELL_MS))) return;
  panel.asked = panel.told = now;
  const received = Math.max(...panel.tracks.map((track) => track.received));
  tell(panel, "tick", { run: panel.tracks[0].run, shown: stepShown(panel), received, speed: low ? steps : 0, at: now });
  return true;
}

// Milliseconds a frame: what is recorded has to last until the server is ready to go on from its end.
function pace(panel, now) {
  const { tracks, since } = panel;
  if (!toCome(panel) || behind(panel) <= 0) return FRAME_MS;
  const stepsPerMs = (tracks[0].meta.trained - since.trained) / (now - since.at);
  if (!(stepsPerMs > 0)) return SLOW_MS;
  return Math.min(SLOWEST_MS, Math.max(FRAME_MS, behind(panel) / stepsPerMs / Math.max(...tracks.map(frameCount))));
}

// Play no more of the recording: what comes next is trained now.
function goLive(panel) {
  const recorded = Math.max(...panel.tracks.map(({ frames }) => frames.at(-1)?.step ?? -1));
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
}

function loop(panel) {
  if (panel.turning) return;
  panel.turning = true;
  panel.last = 0;
  const turn = async (now) => {
    if (!panel.root.isConnected || !panel.playing) {
      panel.turning = false;
      return;
    }
    const least = CALM.matches ? CALM_FRAMES : 1;
    const frameMs = pace(panel, now);
    // Skipped is what drawing was too slow for, not what the server was: of few frames each is shown.
    if (!queued(panel) || !panel.tracks.every(ready)) panel.last = Math.max(panel.last, now - least * frameMs);
    else if (now - panel.last + 4 >= least * frameMs) {
      const due = Math.floor((now - panel.last + 4) / frameMs);
      const spare = Math.max(...panel.tracks.map(frameCount)) - LOW_FRAMES;
      next(panel, speed(panel), panel.last ? Math.max(least, Math.min(due, MOST_SKIPPED + least, spare)) : 1);
      panel.last = now;
      await show(panel);
    }
    await heardInputs();
    if (panel.playing && ask(panel, performance.now())) await heardInputs();
    const { restsAt } = panel.tracks[0].meta;
    if (panel.playing && (over(panel) || (!panel.rested && restsAt && stepShown(panel) >= restsAt))) {
      panel.rested = true;
      pause(panel);
    }
    requestAnimationFrame(turn);
  };
  requestAnimationFrame(turn);
}

function pause(panel) {
  panel.playing = false;
  label(panel);
  settle(panel);
}

// From where one is: after scrubbing back, what was seen already is played again.
function play(panel) {
  if (over(panel) && !panel.tracks.some(({ at, frames }) => at < frames.length - 1)) return;
  for (const track of panel.tracks) track.queue.unshift(...track.frames.splice(track.at + 1));
  panel.playing = true;
  label(panel);
  loop(panel);
}

// Tell the server where the visitor stopped, so that what hangs on the charts below says the same.
function settle(panel) {
  if (stepShown(panel) >= 0) tell(panel, "paused", { step: stepShown(panel), at: performance.now() });
  for (const { view, frames, at } of panel.tracks) drawAll(view.board, frames, at);
  say(panel);
}

function label(panel) {
  const { play: button, one, live } = panel.parts;
  const ended = over(panel) && panel.tracks.every(({ at, frames }) => at === frames.length - 1);
  write(button, panel.playing ? "Pause" : ended ? "Finished" : panel.rested && panel.tracks[0].meta.restsAt ? "Go on" : "Play");
  button.disabled = ended && !panel.playing;
  one.disabled = ended;
  live.hidden = !(panel.tracks[0]?.meta.recorded >= 0);
  live.style.visibility = toCome(panel) ? "visible" : "hidden"; // it keeps its place: nothing jumps
}

function say(panel) {
  const heads = panel.tracks.map(({ view }) => view.said?.headline ?? "").join(" ");
  const thinned = panel.tracks.some((track) => track.thinned || track.meta.thinned) ? " Older steps are thinned out to keep the memory small." : "";
  const now = panel.playing ? "" : `Step ${stepShown(panel).toLocaleString("en")}. ${heads}${thinned}`;
  write(panel.parts.status, [panel.note, now].filter(Boolean).join(" "));
}

async function show(panel) {
  words(panel);
  panel.turn = ((panel.turn ?? 0) + 1) % panel.tracks.length;
  for (const [i, { view, frames, at }] of panel.tracks.entries()) await draw(view.board, frames, at, i === panel.turn);
  if (marks++ < MARKS) performance.mark("gradcore-frame", { detail: { step: stepShown(panel) } });
}

// What is no chart: words, clock, numbers.
function words(panel) {
  const { parts, tracks } = panel;
  const [track] = tracks;
  const frame = track && shown(track);
  if (!frame) return; // a panel put up anew has no track before its first whole course
  for (const one of tracks) speak(one);
  const recorded = stepShown(panel) <= track.meta.recorded;
  const epoch = Math.floor(frame.step / track.meta.stepsPerEpoch + 1);
  write(parts.clock, `step ${stepShown(panel).toLocaleString("en")} · epoch ${epoch}${recorded ? " · recorded" : ""}`);
  if ((parts.live.style.visibility === "visible") !== toCome(panel)) label(panel);
  parts.scrub.max = Math.max(...tracks.map(({ frames }) => frames.length)) - 1;
  parts.scrub.value = Math.max(...tracks.map(({ at }) => at));
  parts.scrub.setAttribute("aria-valuetext", `step ${stepShown(panel)}`);
}

function speak({ view, frames, at, meta }) {
  const { verdict, body, board } = view;
  const said = latestOf(frames, at, "verdict", board.constants);
  if (said && said !== view.said) {
    view.said = said;
    for (const place of [verdict, body]) place.style.setProperty("--verdict", said.color);
    verdict.title = said.hint;
    takeTexts({ root: verdict }, { texts: said.texts });
    takeTexts({ root: body }, { tables: said.tables });
    if (view.remedy) {
      view.remedy.hidden = !said.remedyLabel;
      write(view.remedy, said.remedyLabel);
    }
  }
  const find = (name) => latestOf(frames, at, name, board.constants);
  for (const place of body.querySelectorAll("[data-told]")) write(place, told(place.dataset.told, find));
  for (const place of body.querySelectorAll("[data-hint]")) place.title = told(place.dataset.hint, find);
  const details = body.querySelector("details.numbers");
  if (details?.open) fillRows(details.querySelector("tbody"), rowsOf(meta.table, frames, at, board.constants));
}

// A row a layer: its name, and of each column a number in words, some of them times a factor.
function rowsOf({ names, columns }, frames, at, constants) {
  const found = columns.map(([name]) => latestOf(frames, at, name, constants));
  return names.map((name, i) => [name, ...columns.map(([, form, factors], k) => (FORMS[form] ?? readable)(found[k][i] * (factors?.[i] ?? 1)))]);
}

function newView(panel) {
  const copy = (name) => panel.root.querySelector(name).content.firstElementChild.cloneNode(true);
  const verdict = panel.root.querySelector(".verdicts").appendChild(copy(".verdict-template"));
  const body = panel.root.querySelector(".tracks").appendChild(copy(".track-template"));
  const view = { verdict, body, remedy: verdict.querySelector(".remedy"), board: newBoard(body, COLORS) };
  if (view.remedy) view.remedy.onclick = () => hold(panel, "remedy", view.said.remedy);
  return view;
}

function scrubTo(panel, at) {
  for (const track of panel.tracks) track.at = Math.max(0, Math.min(at, track.frames.length - 1));
  return show(panel);
}

function oneBatch(panel) {
  panel.playing = false;
  label(panel);
  if (panel.tracks.some(({ at, frames }) => at < frames.length - 1)) scrubTo(panel, panel.tracks[0].at + 1);
  else if (queued(panel)) {
    next(panel, 1);
    show(panel);
  } else {
    // Not settled before it is there: of two messages at once the server heeds the pause.
    panel.owed = true;
    return demand(panel);
  }
  settle(panel);
}

// Asked for again until it is there: while the panel is quiet, or another answer is on its way, nothing is asked.
function demand(panel) {
  if (!panel.owed || panel.playing || over(panel) || !panel.root.isConnected) return;
  ask(panel, performance.now(), 1);
  clearTimeout(panel.demanding);
  panel.demanding = setTimeout(() => demand(panel), MOMENT_MS);
}

function mount(root) {
  const names = ["play", "one", "restart", "reseed", "speed", "scrub", "clock", "status", "live"];
  const parts = Object.fromEntries(names.map((name) => [name, root.querySelector(`.${name}`)]));
  const panel = { root, page: location.pathname, parts, tracks: [], views: [], asked: Number.NEGATIVE_INFINITY, held: Number.NEGATIVE_INFINITY };
  parts.play.onclick = () => (panel.playing ? pause(panel) : play(panel));
  parts.one.onclick = () => oneBatch(panel);
  parts.live.onclick = () => goLive(panel);
  parts.restart.onclick = () => hold(panel, "restart", { at: performance.now() });
  parts.reseed.onclick = () => hold(panel, "reseed", { at: performance.now() });
  parts.scrub.oninput = () => {
    panel.playing = false;
    label(panel);
    scrubTo(panel, Number(parts.scrub.value));
  };
  parts.scrub.onchange = () => settle(panel);
  root.addEventListener("toggle", () => redraw(panel), true);
  root.addEventListener("change", ({ target }) => target.dataset.shows && root.querySelector(".tracks").classList.toggle(target.dataset.shows, target.checked));
  panel.heights = new ResizeObserver(() => keepHeights(root));
  panel.heights.observe(root);
  return panel;
}

function redraw(panel) {
  words(panel);
  for (const { view, frames, at } of panel.tracks) drawAll(view.board, frames, at);
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
  Promise.all(panel.tracks.map(({ view, meta }) => putUp(view.board, meta.form, meta.charts))).then(() => {
    if (panel.playing) loop(panel);
    else redraw(panel);
  });
  return () => {
    if (root.isConnected) return;
    panel.heights.disconnect();
    for (const { board } of panel.views) leave(board);
  };
}
