/** A place on a hexagonal lattice, in oblique coordinates. */
export type Place = [u: number, v: number];

/** The places of a hexagon with `extent` rings around its centre: 1 + 3·extent·(extent + 1), by u and then v. */
export function hexagon(extent: number): Place[] {
  const places: Place[] = [];
  for (let u = -extent; u <= extent; u++)
    for (let v = Math.max(-extent, -extent - u); v <= Math.min(extent, extent - u); v++) places.push([u, v]);
  return places;
}

/**
 * Lattice places inside the convex hull of `known` that are not known themselves, by u and then v; none for fewer than three.
 * A place on the boundary is inside where the half-open rule of ray casting says so (Haines 1994, Graphics Gems IV), as in the
 * published tiling: with it the counts of Lappalainen et al. 2024 come out.
 */
export function gapsInHull(known: Place[]): Place[] {
  if (known.length < 3) return [];
  const hull = convexHull(known);
  const taken = new Set(known.map(String));
  const [us, vs] = [known.map(([u]) => u), known.map(([, v]) => v)];
  const gaps: Place[] = [];
  for (let u = Math.min(...us); u <= Math.max(...us); u++)
    for (let v = Math.min(...vs); v <= Math.max(...vs); v++)
      if (!taken.has(`${u},${v}`) && isInside(hull, u, v)) gaps.push([u, v]);
  return gaps;
}

/** Twice the signed area of the triangle o, a, b. */
const turn = (o: Place, a: Place, b: Place) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);

/** Corners of the convex hull, counter-clockwise (Andrew 1979, Information Processing Letters 9:216). */
function convexHull(points: Place[]): Place[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (ordered: Place[]) => {
    const corners: Place[] = [];
    for (const point of ordered) {
      while (corners.length >= 2 && turn(corners[corners.length - 2], corners[corners.length - 1], point) <= 0)
        corners.pop();
      corners.push(point);
    }
    return corners.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

function isInside(corners: Place[], u: number, v: number): boolean {
  let inside = false;
  corners.forEach(([u0, v0], i) => {
    const [u1, v1] = corners[(i + 1) % corners.length];
    const [above0, above1] = [v0 >= v, v1 >= v];
    if (above0 !== above1 && (v1 - v) * (u0 - u1) >= (u1 - u) * (v0 - v1) === above1) inside = !inside;
  });
  return inside;
}
