import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

/**
 * Ways in and out that once stood open, each with the test that fails when it opens again: its file below `test/`, and words of its
 * name. Numbers are those of the shared list of cases.
 */
const cases: [number: string, way: string, file: string, test: string][] = [
  [
    '1',
    'predictions become measured evidence',
    'domain/atlas/kept-kind.test.ts',
    'the bytes that a twin predicted stay predicted',
  ],
  [
    '1b',
    'and are tested as such',
    'tools/lab/counted-once.test.ts',
    "a twin's predictions, added as a measured recording",
  ],
  [
    '2',
    'one id and release with another kind and licence',
    'security/reading/policy.ts',
    'kind, licence and title are part of what a release is',
  ],
  [
    '3',
    'held-out numbers before the spend',
    'security/said-and-kept/unspent.ts',
    'answer with their digest alone before it is spent',
  ],
  [
    '3b',
    'a hypothesis made from them',
    'tools/lab/counted-once.test.ts',
    'a hypothesis frozen after its evidence was seen is refused',
  ],
  [
    '4',
    'a twin tested on its own images',
    'domain/identity/identity.test.ts',
    'the images that a twin was fitted on are found under another name',
  ],
  [
    '5',
    'one request ends the server',
    'security/http-and-stdio/http.ts',
    'neither ends the server nor learns anything',
  ],
  ['6', 'an empty token lets everybody in', 'security/http-and-stdio/http.ts', 'no empty one lets anybody in'],
  [
    '7',
    'a hostile folder overwrites a file outside',
    'security/store/folder.ts',
    'are refused, and what they lead to stays',
  ],
  ['8', 'add_data reads any file', 'security/reading/policy.ts', 'and names the command that allows it'],
  [
    '9',
    'a file freezes or fills the server',
    'security/reading/import.ts',
    'is stopped below a gigabyte, and the next import works',
  ],
  ['9b', 'a pipe does', 'security/reading/policy.ts', 'and answers the next call'],
  [
    '9c',
    'files of a zip that share their bytes do',
    'conformance/reading-images.test.ts',
    'files of a zip that share their bytes are refused',
  ],
  [
    '9d',
    'few bytes that are many gigabytes',
    'security/reading/hostile-files.ts',
    'is refused in a gigabyte, and the next call is answered',
  ],
  [
    '10',
    'a truncated image is filled from memory',
    'conformance/reading-images.test.ts',
    'file is not read as the whole',
  ],
  [
    '11',
    'a program approves as a person',
    'security/approval/keys.ts',
    'without a terminal nothing is trusted and nothing is signed',
  ],
  ['12', 'one approval, two runs', 'security/approval/keys.ts', 'a copy of the folder runs nothing'],
  [
    '13',
    'a copy of the cache is falsified',
    'security/store/folder.ts',
    'a copy in the cache that was changed, whatever lies beside it',
  ],
  [
    '14',
    'a replay does what a record says',
    'security/store/folder.ts',
    'a replay goes by what the tool is, whatever the record says',
  ],
  ['15', 'a lost tail is forgotten', 'security/store/folder.ts', 'a tail that was lost is not forgotten'],
  [
    '16',
    'servers fail to start together',
    'security/store/folder.ts',
    'starts beside two others over a thousand old marks',
  ],
  [
    '17',
    'the digest is not of what was read',
    'security/reading/import.ts',
    'are opened once: what is read and digested',
  ],
  ['18', 'SQL shows paths', 'security/said-and-kept/sql.ts', 'SQL shows no machine'],
  [
    '19',
    'an own id shadows a registered name',
    'security/reading/policy.ts',
    'an own id that looks like a registered one',
  ],
  [
    '20',
    'budget comes back with the folder',
    'security/approval/witness.ts',
    'gets nothing back as a copy, or as an old ledger put back',
  ],
  ['21', 'a schema that swallows records', 'security/store/folder.ts', 'one that swallows records'],
  ['22', 'a tail that was cut with its marks', 'security/approval/witness.ts', 'and of records that are gone'],
  [
    '23',
    'a ledger that was removed or replaced',
    'security/store/folder.ts',
    'acknowledges nothing when its ledger was removed',
  ],
  [
    '24',
    'a lock deafens a server',
    'security/store/folder.ts',
    'answers pings and cancels while another program holds the ledger',
  ],
  [
    '25',
    'verify where nothing can be written',
    'security/store/folder.ts',
    'a folder that cannot be written is read as it is',
  ],
  [
    '26',
    'a clock that goes back',
    'security/approval/keys.ts',
    'a clock that is set back does not revive what expired',
  ],
  [
    '27',
    'refused calls leave no record',
    'security/said-and-kept/records.ts',
    'what never comes to a tool is on record',
  ],
  [
    '28',
    'text acts in a terminal',
    'security/said-and-kept/text.ts',
    'leaves by every door as characters that can be seen',
  ],
  ['29', 'text reaches agents unmarked', 'security/said-and-kept/text.ts', 'JSON made plain is the same value'],
  ['30', 'a long line ends the server', 'security/http-and-stdio/stdio.ts', 'a line that is too long is left out'],
  ['31', 'a full disk is called another thing', 'security/store/disks.ts', 'is said of a full disk, in the ledger'],
  ['32', 'a refusal names a path', 'security/http-and-stdio/http.ts', 'neither ends the server nor learns anything'],
  ['33', 'SQL behind a NUL', 'security/said-and-kept/sql.ts', 'what stands behind a NUL'],
  [
    '34',
    'a client says what its call repeats',
    'security/said-and-kept/records.ts',
    'what a client says that its call repeats',
  ],
  ['35', 'a long query holds up the others', 'tools/atlas/query-limits.test.ts', 'a long statement holds up no other'],
  [
    '36',
    'four processes test one prediction',
    'tools/lab/test-hypothesis.test.ts',
    'two processes that test at once never get the same level',
  ],
  ['37', 'large arguments in the ledger', 'security/said-and-kept/records.ts', 'large arguments are an object'],
  ['38', 'a folder among the marks', 'security/store/folder.ts', 'and a folder among them'],
  [
    '39',
    'leftovers of killed processes',
    'security/store/folder.ts',
    'removes what killed processes left in objects/tmp',
  ],
  // Found later, by further inputs of the same kinds.
  ['40', 'native code in a reader has the network', 'security/reading/network.ts', 'from native code either'],
  ['41', 'DuckDB reads files that are no input', 'security/reading/network.ts', 'a file elsewhere by a link'],
  [
    '42',
    'a file changes while it is read where it lies',
    'security/reading/import.ts',
    'refused when their bytes changed on a file system whose times do not tell',
  ],
  [
    '43',
    'a Parquet file hides rows',
    'security/reading/told-short.ts',
    'because rows would be left out without a word',
  ],
  ['44', 'a header that takes all the time', 'security/reading/told-short.ts', 'is refused at once, with another form'],
  ['45', 'a link in the place of downloads', 'security/remote.test.ts', 'is not written through, where'],
  ['46', 'a client agrees for a person', 'security/approval/agreement.ts', 'as its word, which is on record'],
  ['47', 'a host or method that ends in an error', 'security/http-and-stdio/http.ts', 'is refused as what it is'],
];

describe('each way that stood open has a test of its name', () => {
  test.each(cases)('%s: %s', (_, __, file, name) => {
    expect(readFileSync(path.join(import.meta.dirname, '../..', file), 'utf8')).toContain(name);
  });
});
