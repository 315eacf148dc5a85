// Draws at most once in each animation frame, however many changes arrive in between.

/** Gives back a function that asks for a draw. */
export function createFrameScheduler(draw: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}
