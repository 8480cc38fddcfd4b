// As the house's suites are run, in the order in which `BREGMA_SUITES` names them: what most likely notices is first.
import path from 'node:path';
import { mergeConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import house from '../../vitest.config.ts';

const root = path.resolve(import.meta.dirname, '../..');
const order = (process.env.BREGMA_SUITES ?? '').split(path.delimiter);

class AsNamed extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => order.indexOf(path.relative(root, moduleId));
    return files.sort((a, b) => place(a) - place(b));
  }
}

export default mergeConfig(house, { root, test: { sequence: { sequencer: AsNamed } } });
