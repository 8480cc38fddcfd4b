const svgNamespace = 'http://www.w3.org/2000/svg';

/** A drawing as a file of its own: colours, font and ground as they are now. A canvas becomes one embedded image. */
export function svgText(picture: SVGSVGElement | HTMLCanvasElement): string {
  return new XMLSerializer().serializeToString(standalone(picture));
}

/** PNG at twice the size, base64. */
export async function pngOf(picture: SVGSVGElement | HTMLCanvasElement): Promise<string> {
  if (picture instanceof HTMLCanvasElement) return base64(picture);
  const { width, height } = picture.getBoundingClientRect();
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(picture))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * 2);
  canvas.height = Math.round(height * 2);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return base64(canvas);
}

const base64 = (canvas: HTMLCanvasElement) => canvas.toDataURL('image/png').split(',')[1];

function standalone(picture: SVGSVGElement | HTMLCanvasElement): SVGSVGElement {
  const box = picture.getBoundingClientRect();
  // A canvas that was put together for the copy is not in the page: it has no box, and its ground is drawn.
  const size = picture instanceof HTMLCanvasElement && box.width === 0 ? picture : box;
  const { width, height } = size;
  const style = getComputedStyle(picture);
  let svg: SVGSVGElement;
  if (picture instanceof HTMLCanvasElement) {
    svg = document.createElementNS(svgNamespace, 'svg');
    const image = document.createElementNS(svgNamespace, 'image');
    image.setAttribute('href', picture.toDataURL('image/png'));
    image.setAttribute('width', String(width));
    image.setAttribute('height', String(height));
    svg.append(image);
  } else {
    // SAFETY: a copy is of the same class, and this is no canvas.
    svg = picture.cloneNode(true) as SVGSVGElement;
  }
  svg.setAttribute('xmlns', svgNamespace);
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));
  if (!picture.isConnected) return svg;
  svg.setAttribute('color', style.color);
  svg.setAttribute('fill', svg.getAttribute('fill') ?? 'currentColor');
  svg.setAttribute('font-family', style.fontFamily);
  const ground = document.createElementNS(svgNamespace, 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', groundOf(picture));
  svg.prepend(ground);
  return svg;
}

/** The colour behind an element: of the nearest ancestor that has one. */
function groundOf(el: Element): string {
  for (let at: Element | null = el; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (colour !== 'rgba(0, 0, 0, 0)') return colour;
  }
  return 'white';
}
