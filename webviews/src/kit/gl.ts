/**
 * A context for drawing with shaders, or undefined where there is none; fast: or where a processor would imitate it. The canvas
 * keeps what was drawn until the next drawing.
 */
export function glOf(canvas: HTMLCanvasElement, { fast = false } = {}): WebGL2RenderingContext | undefined {
  const gl = canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true, preserveDrawingBuffer: true });
  if (!gl || !fast || !imitated(gl)) return gl ?? undefined;
  release(gl);
  return undefined;
}

function imitated(gl: WebGL2RenderingContext): boolean {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return (
    info !== null &&
    /swiftshader|llvmpipe|software|basic render/i.test(String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)))
  );
}

/** Throws with the driver's words when a shader does not compile. */
export function programOf(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, `#version 300 es\nprecision highp float;\n${source}`);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader) ?? 'shader');
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? 'program');
  return program;
}

/** A buffer bound to an attribute. divisor 1: one value an instance. */
export function attribute(
  gl: WebGL2RenderingContext,
  program: WebGLProgram,
  name: string,
  data: ArrayBufferView<ArrayBuffer>,
  form: { size: number; type: number; stride?: number; offset?: number; divisor?: number },
): WebGLBuffer {
  const buffer = gl.createBuffer()!;
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
  pointAt(gl, program, name, form);
  return buffer;
}

/** Binds an attribute to the buffer that is bound now. */
export function pointAt(
  gl: WebGL2RenderingContext,
  program: WebGLProgram,
  name: string,
  {
    size,
    type,
    stride = 0,
    offset = 0,
    divisor = 0,
  }: { size: number; type: number; stride?: number; offset?: number; divisor?: number },
): void {
  const place = gl.getAttribLocation(program, name);
  if (place < 0) return;
  gl.enableVertexAttribArray(place);
  gl.vertexAttribPointer(place, size, type, false, stride, offset);
  gl.vertexAttribDivisor(place, divisor);
}

/** Gives the context back at once: a page may have only a few of them. */
export function release(gl: WebGL2RenderingContext | undefined): void {
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
}
