import { channels } from '../kit/colour-scales.ts';
import { attribute, glOf, programOf, release } from '../kit/gl.ts';
import type { Ink } from '../kit/ink.ts';
import { fit, type Size } from '../kit/surface.ts';
import type { Camera } from './camera.ts';
import type { Tree } from './forest.ts';

/** Draws skeletons, on the graphics processor where there is one. */
export interface SkeletonRenderer {
  canvas: HTMLCanvasElement;
  /** colours: one a tree; undefined hides it. */
  draw(camera: Camera, size: Size, colours: (string | undefined)[], ink: Ink): void;
  dispose(): void;
}

/** With shaders where a graphics card runs them, with lines of a canvas otherwise. */
export function skeletonRenderer(trees: Tree[]): SkeletonRenderer {
  const canvas = document.createElement('canvas');
  const gl = glOf(canvas, { fast: true });
  return gl ? new ShaderLines(canvas, gl, trees) : new CanvasLines(document.createElement('canvas'), trees);
}

const linePx = 1.6;
/** How much of the ground's colour the farthest lines take on. */
const fog = 0.6;

const vertex = `
uniform mat3 turn; uniform vec3 centre; uniform vec2 scale; uniform vec2 shift; uniform vec2 halfPixel; uniform float radius;
in vec2 corner; in vec3 from; in vec3 to; out float depth;
void main() {
  vec3 a = turn * (from - centre), b = turn * (to - centre);
  vec2 p = a.xy * scale + shift, q = b.xy * scale + shift;
  vec2 along = (q - p) / halfPixel;
  float size = length(along);
  vec2 unit = size > 0.0 ? along / size : vec2(1.0, 0.0);
  vec2 side = vec2(-unit.y, unit.x) * corner.y + unit * (corner.x * 2.0 - 1.0) * 0.5;
  gl_Position = vec4(mix(p, q, corner.x) + side * halfPixel, 0.0, 1.0);
  gl_Position.z = mix(a.z, b.z, corner.x) / radius * 0.5;
  depth = gl_Position.z + 0.5;
}`;
const fragment = `
uniform vec3 ink; uniform vec3 ground; uniform float fog; in float depth; out vec4 colour;
void main() { colour = vec4(mix(ink, ground, clamp(depth, 0.0, 1.0) * fog), 1.0); }`;

class ShaderLines implements SkeletonRenderer {
  readonly canvas: HTMLCanvasElement;
  private readonly gl: WebGL2RenderingContext;
  private readonly trees: Tree[];
  private program: WebGLProgram | undefined;
  private parts: { array: WebGLVertexArrayObject; count: number }[] = [];

  constructor(canvas: HTMLCanvasElement, gl: WebGL2RenderingContext, trees: Tree[]) {
    this.canvas = canvas;
    this.gl = gl;
    this.trees = trees;
    canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
    canvas.addEventListener('webglcontextrestored', () => this.start());
    this.start();
  }

  private start(): void {
    const { gl } = this;
    const program = programOf(gl, vertex, fragment);
    this.program = program;
    gl.useProgram(program);
    gl.enable(gl.DEPTH_TEST);
    this.parts = this.trees.map((tree) => {
      const array = gl.createVertexArray()!;
      gl.bindVertexArray(array);
      const ends = segments(tree);
      attribute(gl, program, 'corner', new Float32Array([0, -1, 0, 1, 1, -1, 1, 1]), { size: 2, type: gl.FLOAT });
      attribute(gl, program, 'from', ends, { size: 3, type: gl.FLOAT, stride: 24, divisor: 1 });
      attribute(gl, program, 'to', ends, { size: 3, type: gl.FLOAT, stride: 24, offset: 12, divisor: 1 });
      return { array, count: ends.length / 6 };
    });
  }

  draw(camera: Camera, size: Size, colours: (string | undefined)[], ink: Ink): void {
    const { gl, program, canvas } = this;
    if (!program || gl.isContextLost()) return;
    const ratio = window.devicePixelRatio || 1;
    fit(canvas, size.width * ratio, size.height * ratio);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    const uniform = (name: string) => gl.getUniformLocation(program, name);
    const scale = camera.scale(size);
    // Pixels grow downwards, clip space upwards.
    gl.uniformMatrix3fv(uniform('turn'), true, camera.turn);
    gl.uniform3f(uniform('centre'), ...camera.centre);
    gl.uniform2f(uniform('scale'), (2 * scale) / size.width, (-2 * scale) / size.height);
    gl.uniform2f(uniform('shift'), (2 * camera.shift[0]) / size.width, (-2 * camera.shift[1]) / size.height);
    gl.uniform2f(uniform('halfPixel'), linePx / size.width, linePx / size.height);
    gl.uniform1f(uniform('radius'), camera.radius * 1.05);
    gl.uniform1f(uniform('fog'), fog);
    // SAFETY: a map of three numbers has three.
    const rgb = (colour: string) => channels(colour).map((value) => value / 255) as [number, number, number];
    gl.uniform3f(uniform('ground'), ...rgb(ink.ground));
    this.parts.forEach(({ array, count }, i) => {
      const colour = colours[i];
      if (!colour) return;
      gl.bindVertexArray(array);
      gl.uniform3f(uniform('ink'), ...rgb(colour));
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
    });
  }

  dispose(): void {
    release(this.gl);
  }
}

/** Both ends of every segment. [segment × 6] */
function segments({ nodes, parent }: Tree): Float32Array<ArrayBuffer> {
  const out: number[] = [];
  for (let i = 0; i < parent.length; i++) {
    const above = parent[i];
    if (above >= 0)
      out.push(
        nodes[3 * i],
        nodes[3 * i + 1],
        nodes[3 * i + 2],
        nodes[3 * above],
        nodes[3 * above + 1],
        nodes[3 * above + 2],
      );
  }
  return Float32Array.from(out);
}

/** Layers of depth in which lines are drawn, far ones first. */
const layers = 6;

class CanvasLines implements SkeletonRenderer {
  readonly canvas: HTMLCanvasElement;
  private readonly trees: Tree[];

  constructor(canvas: HTMLCanvasElement, trees: Tree[]) {
    this.canvas = canvas;
    this.trees = trees;
  }

  draw(camera: Camera, size: Size, colours: (string | undefined)[], ink: Ink): void {
    const ratio = window.devicePixelRatio || 1;
    fit(this.canvas, size.width * ratio, size.height * ratio);
    const context = this.canvas.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    context.lineWidth = linePx;
    const ground = channels(ink.ground);
    const paths = this.trees.map(() => Array.from({ length: layers }, () => new Path2D()));
    this.trees.forEach((tree, t) => {
      if (!colours[t]) return;
      const { nodes, parent } = tree;
      const places = new Float32Array(nodes.length);
      for (let i = 0; i < parent.length; i++)
        places.set(camera.project(nodes[3 * i], nodes[3 * i + 1], nodes[3 * i + 2], size), 3 * i);
      for (let i = 0; i < parent.length; i++) {
        const above = parent[i];
        if (above < 0) continue;
        const layer = Math.max(0, Math.min(layers - 1, Math.floor(((places[3 * i + 2] + 1) / 2) * layers)));
        paths[t][layer].moveTo(places[3 * above], places[3 * above + 1]);
        paths[t][layer].lineTo(places[3 * i], places[3 * i + 1]);
      }
    });
    for (let layer = layers - 1; layer >= 0; layer--) {
      paths.forEach((byLayer, t) => {
        const colour = colours[t];
        if (!colour) return;
        const far = ((layer + 0.5) / layers) * fog;
        const mixed = channels(colour).map((value, i) => Math.round(value * (1 - far) + ground[i] * far));
        context.strokeStyle = `rgb(${mixed.join(', ')})`;
        context.stroke(byLayer[layer]);
      });
    }
  }

  dispose(): void {}
}
