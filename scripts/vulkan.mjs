// The software Vulkan driver on which the tests run WGSL: SwiftShader, as Chromium brings it. Plain JavaScript: it runs before
// anything is built.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const places = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
];

/** Path of the driver's description, or undefined, having said why, when there is none. In CI it is installed. */
export function softwareVulkan() {
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  const skipped = 'tests of WGSL on a software adapter are skipped';
  if (!process.env.CI || process.platform !== 'linux') {
    console.log(`There is no SwiftShader (on Debian: apt-get install chromium libvulkan1): ${skipped}.`);
    return undefined;
  }
  const { status } = spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'libvulkan1'], {
    stdio: ['ignore', 2, 2],
  });
  const installed = places.find((place) => existsSync(place));
  if (!installed) console.log(`apt-get ended with ${status} and brought no SwiftShader: ${skipped}.`);
  return installed;
}
