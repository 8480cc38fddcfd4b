import { type AnswerTo, type CallOf, type WitnessCall, WitnessCalls } from '../contracts/witness-call.ts';
import { bearerToken, isAuthorised } from '../mcp/bearer.ts';
import { type Place, type Served, serveCalls } from '../service/serve.ts';
import { witnessService } from '../service/service.ts';
import { Witness } from './answers.ts';
import { WitnessBook } from './book.ts';

/** Largest body, bytes: a plan of a million stimuli. */
const largestBody = 16_000_000;

/**
 * Answers whoever has the token of the folder (`http-token`, or `BREGMA_TOKEN`). What they may do is what the token permits, and approving
 * needs a person's signature besides.
 */
export async function serveWitness(folder: string, place: Place): Promise<Served & { token: string }> {
  const book = new WitnessBook(folder);
  const token = bearerToken(book.folder);
  const witness = new Witness(book);
  const served = await serveCalls(
    {
      service: witnessService,
      calls: WitnessCalls,
      largestBody,
      authorise: (header) => (isAuthorised(header, token) ? 'whoever has the token' : undefined),
      answer: (name, call) => answerCall(witness, name, call),
    },
    place,
  );
  return {
    ...served,
    token,
    async close() {
      await served.close();
      book.close();
    },
  };
}

function answerCall<Name extends WitnessCall>(witness: Witness, name: string, call: unknown): AnswerTo<Name> {
  // SAFETY: the name is one of `WitnessCalls`, and the call was held to the form of that name.
  return witness.answer(name as Name, call as CallOf<Name>, new Date());
}
