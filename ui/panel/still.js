// Charts that do not move: put up once, and again when another figure takes their place.
const stills = new WeakMap();

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".panel");
  if (!root || !data) return;
  const board = stills.get(root) ?? newBoard(root, COLORS);
  stills.set(root, board);
  board.frames = [{}];
  board.at = 0;
  putUp(board, data.form, data.charts).then(() => performance.mark("gradcore-frame", { detail: {} }));
  return () => root.isConnected || leave(board);
}
