// Made by `npm run gen` from the files of this folder. Do not edit.
import atlas from './atlas.json' with { type: 'json' };
import catalogue from './catalogue.json' with { type: 'json' };
import connect from './connect.json' with { type: 'json' };
import experiments from './experiments.json' with { type: 'json' };
import folders from './folders.json' with { type: 'json' };
import hypotheses from './hypotheses.json' with { type: 'json' };
import notebook from './notebook.json' with { type: 'json' };
import provenance from './provenance.json' with { type: 'json' };
import records from './records.json' with { type: 'json' };
import settings from './settings.json' with { type: 'json' };
import sidebar from './sidebar.json' with { type: 'json' };
import walkthrough from './walkthrough.json' with { type: 'json' };

export const parts = { atlas, catalogue, connect, experiments, folders, hypotheses, notebook, provenance, records, settings, sidebar, walkthrough };
