/** Where the picture stands: a point of the picture (x, y) is at screen (x · scale + dx, y · scale + dy), px. */
export interface Camera {
  scale: number;
  dx: number;
  dy: number;
}

const smallest = 0.05;
const largest = 2;

/** The whole picture in the window, never larger than life. */
export function fitCamera(
  picture: { width: number; height: number },
  window: { width: number; height: number },
): Camera {
  const scale = clamp(
    Math.min(window.width / Math.max(1, picture.width), window.height / Math.max(1, picture.height), 1),
  );
  return {
    scale,
    dx: Math.max(0, (window.width - picture.width * scale) / 2),
    dy: Math.max(0, (window.height - picture.height * scale) / 2),
  };
}

/** Zooms by a factor and keeps the point (x, y) of the screen where it is. */
export function zoomAt({ scale, dx, dy }: Camera, factor: number, x: number, y: number): Camera {
  const next = clamp(scale * factor);
  const ratio = next / scale;
  return { scale: next, dx: x - (x - dx) * ratio, dy: y - (y - dy) * ratio };
}

/** Moves as little as needed to have a box, with a margin, in the window. */
export function bringInto(
  camera: Camera,
  box: { x: number; y: number; width: number; height: number },
  window: { width: number; height: number },
): Camera {
  const move = (start: number, length: number, size: number) => {
    const margin = Math.min(40, Math.max(0, (size - length) / 2));
    if (start < margin) return margin - start;
    return start + length > size - margin ? size - margin - start - length : 0;
  };
  const { scale, dx, dy } = camera;
  return {
    scale,
    dx: dx + move(box.x * scale + dx, box.width * scale, window.width),
    dy: dy + move(box.y * scale + dy, box.height * scale, window.height),
  };
}

const clamp = (scale: number) => Math.min(largest, Math.max(smallest, scale));
