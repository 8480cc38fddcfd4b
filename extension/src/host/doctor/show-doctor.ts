import type { Finding } from '@bregma/core/contracts/doctor';
import { codeVersion } from '@bregma/core/version';
import * as z from 'zod';
import type { App } from '../app.ts';
import { sayMilestone } from '../milestone-contexts.ts';
import { lookAround } from './findings.ts';
import { mendingOf } from './mend.ts';

/** Opens the doctor's panel and fills it as things are found. Resolves when it has looked at everything. */
export async function showDoctor(app: App): Promise<void> {
  let findings: Finding[] = [];
  let busy = false;
  const model = () => ({
    version: codeVersion,
    busy,
    findings: findings.map((finding) => ({ ...finding, button: mendingOf(finding)?.label })),
  });
  const check = async () => {
    if (busy) return;
    busy = true;
    findings = [];
    panel.update(model());
    try {
      await lookAround(app, (found) => {
        findings = [...findings, ...found];
        panel.update(model());
      });
    } finally {
      busy = false;
      panel.update(model());
    }
    sayMilestone('healthy', !findings.some(({ state }) => state === 'missing'));
  };
  const panel = app.show({
    view: 'doctor',
    key: 'doctor',
    title: 'Bregma: Doctor',
    model: model(),
    intents: {
      check,
      async mend(payload) {
        const { id } = z.object({ id: z.string() }).parse(payload);
        const finding = findings.find((one) => one.id === id);
        try {
          await (finding && mendingOf(finding)?.mend(app));
        } finally {
          await check();
        }
      },
    },
  });
  await check();
}
