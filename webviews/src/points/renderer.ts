import { attribute, glOf, programOf, release } from '../kit/gl.ts';
import { fit } from '../kit/surface.ts';
import type { Viewport } from '../kit/viewport.ts';
import type { Cloud } from './cloud.ts';
import { fairOrder } from './fair-order.ts';

/** Draws points, on the graphics processor where there is one. */
export interface PointRenderer {
  canvas: HTMLCanvasElement;
  /** `draw` comes back when everything is drawn. */
  readonly waits: boolean;
  /** RGBA of each colour index, 0–255; alpha 0 hides. */
  palette(colours: Uint8Array): void;
  /** Draws the first `count` points of a fair order: all of them, or a sample while the view moves. */
  draw(viewport: Viewport, size: { width: number; height: number }, count: number): void;
  dispose(): void;
}

/** With shaders where a graphics card runs them; pixel by pixel otherwise, which is faster than shaders that a processor imitates. */
export function pointRenderer(cloud: Cloud): PointRenderer {
  const canvas = document.createElement('canvas');
  const gl = glOf(canvas, { fast: true });
  return gl ? new ShaderRenderer(canvas, gl, cloud) : new PixelRenderer(document.createElement('canvas'), cloud);
}

/** Diameter of a point, px: small when there are many in sight. */
function diameter(viewport: Viewport, cloud: Cloud, { width, height }: { width: number; height: number }): number {
  const { x, y } = cloud.bounds;
  const part =
    ((viewport.x.high - viewport.x.low) * (viewport.y.high - viewport.y.low)) / ((x.high - x.low) * (y.high - y.low));
  const each = Math.sqrt((width * height) / Math.max(1, cloud.count * Math.min(1, part)));
  return Math.max(1.3, Math.min(9, each * 0.9));
}

const vertex = `
uniform vec4 view; uniform float size; uniform sampler2D palette;
in vec2 place; in float colour; flat out vec4 ink;
void main() {
  ink = texelFetch(palette, ivec2(int(mod(colour, 256.0)), int(colour / 256.0)), 0);
  gl_Position = ink.a == 0.0 ? vec4(2.0, 2.0, 0.0, 1.0) : vec4(place * view.xy + view.zw, 0.0, 1.0);
  gl_PointSize = size;
}`;
const fragment = `
uniform float size; flat in vec4 ink; out vec4 colour;
void main() {
  float edge = size < 3.0 ? 1.0 : clamp((0.5 - length(gl_PointCoord - 0.5)) * size, 0.0, 1.0);
  if (edge == 0.0) discard;
  float alpha = ink.a * edge;
  colour = vec4(ink.rgb * alpha, alpha);
}`;

class ShaderRenderer implements PointRenderer {
  readonly waits = false;
  readonly canvas: HTMLCanvasElement;
  private readonly gl: WebGL2RenderingContext;
  private readonly cloud: Cloud;
  private program: WebGLProgram | undefined;
  private colours: Uint8Array = new Uint8Array(4);

  constructor(canvas: HTMLCanvasElement, gl: WebGL2RenderingContext, cloud: Cloud) {
    this.canvas = canvas;
    this.gl = gl;
    this.cloud = cloud;
    canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
    canvas.addEventListener('webglcontextrestored', () => {
      this.start();
      this.palette(this.colours);
    });
    this.start();
  }

  private start(): void {
    const { gl } = this;
    const { places, colours } = shuffled(this.cloud);
    const program = programOf(gl, vertex, fragment);
    this.program = program;
    gl.useProgram(program);
    attribute(gl, program, 'place', places, { size: 2, type: gl.FLOAT });
    attribute(gl, program, 'colour', colours, { size: 1, type: gl.UNSIGNED_SHORT });
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  palette(colours: Uint8Array): void {
    this.colours = colours;
    const rows = Math.max(1, Math.ceil(colours.length / 4 / 256));
    const texels = new Uint8Array(rows * 256 * 4);
    texels.set(colours);
    const { gl } = this;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, texels);
  }

  draw(viewport: Viewport, size: { width: number; height: number }, count: number): void {
    const { gl, cloud, canvas, program } = this;
    if (!program || gl.isContextLost()) return;
    const ratio = window.devicePixelRatio || 1;
    fit(canvas, size.width * ratio, size.height * ratio);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const { x, y } = cloud.bounds;
    const scale = (bounds: typeof x, seen: typeof x) => {
      const s = (2 * (bounds.high - bounds.low)) / (seen.high - seen.low);
      return [s, (2 * (bounds.low - seen.low)) / (seen.high - seen.low) - 1];
    };
    const [sx, ox] = scale(x, viewport.x);
    const [sy, oy] = scale(y, viewport.y);
    gl.uniform4f(gl.getUniformLocation(program, 'view'), sx, sy, ox, oy);
    gl.uniform1f(gl.getUniformLocation(program, 'size'), diameter(viewport, cloud, size) * ratio);
    gl.drawArrays(gl.POINTS, 0, count);
  }

  dispose(): void {
    release(this.gl);
  }
}

class PixelRenderer implements PointRenderer {
  readonly waits = true;
  readonly canvas: HTMLCanvasElement;
  private readonly cloud: Cloud;
  private readonly shuffled: ReturnType<typeof shuffled>;
  private colours: Uint8Array = new Uint8Array(4);

  constructor(canvas: HTMLCanvasElement, cloud: Cloud) {
    this.canvas = canvas;
    this.cloud = cloud;
    this.shuffled = shuffled(cloud);
  }

  palette(colours: Uint8Array): void {
    this.colours = colours.slice();
  }

  draw(viewport: Viewport, size: { width: number; height: number }, count: number): void {
    const { canvas, cloud, colours } = this;
    const [width, height] = [Math.round(size.width), Math.round(size.height)];
    fit(canvas, width, height);
    const image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const palette = new Uint32Array(colours.buffer);
    const { places, colours: inks } = this.shuffled;
    const { x, y } = cloud.bounds;
    const across = ((x.high - x.low) / (viewport.x.high - viewport.x.low)) * width;
    const left = ((x.low - viewport.x.low) / (viewport.x.high - viewport.x.low)) * width;
    const up = ((y.high - y.low) / (viewport.y.high - viewport.y.low)) * height;
    const low = ((y.low - viewport.y.low) / (viewport.y.high - viewport.y.low)) * height;
    const wide = Math.max(1, Math.round(diameter(viewport, cloud, size)));
    for (let i = 0; i < count; i++) {
      const column = Math.round(places[2 * i] * across + left - wide / 2);
      const row = Math.round(height - places[2 * i + 1] * up - low - wide / 2);
      const ink = palette[inks[i]];
      if (!(column >= 0 && column + wide <= width && row >= 0 && row + wide <= height) || ink >>> 24 === 0) continue;
      for (let at = row * width + column, end = at + wide * width; at < end; at += width)
        for (let k = 0; k < wide; k++) pixels[at + k] = ink;
    }
    canvas.getContext('2d')?.putImageData(image, 0, 0);
  }

  dispose(): void {}
}

/**
 * Points in the fair order. places: [n × 2], parts of the bounds, so that 32-bit floats keep their precision however far the
 * origin is; NaN has no place.
 */
function shuffled({ count, x, y, colour, bounds }: Cloud): {
  places: Float32Array<ArrayBuffer>;
  colours: Uint16Array<ArrayBuffer>;
} {
  const places = new Float32Array(count * 2);
  const colours = new Uint16Array(count);
  fairOrder(count).forEach((point, i) => {
    places[2 * i] = (x[point] - bounds.x.low) / (bounds.x.high - bounds.x.low);
    places[2 * i + 1] = (y[point] - bounds.y.low) / (bounds.y.high - bounds.y.low);
    colours[i] = colour[point];
  });
  return { places, colours };
}
