/**
 * A stand-in for ElevenLabs text-to-speech: the multi-context and the single-context WebSocket, HTTP streaming, and the
 * parts of the account API that reconciliation reads. Its voice says the text as tones, faster than real time, in
 * uneven chunks whose alignment counts from the start of each chunk.
 *
 * <p>What is billed is the text submitted for generation, in characters (code points), whether or not its audio was
 * ever heard.
 *
 * <p>Protocol facts: ElevenLabs' published API description and documentation.
 */
@NullMarked
package ai.callmeback.simulators.elevenlabs;

import org.jspecify.annotations.NullMarked;
