/**
 * A stand-in for Deepgram's streaming speech-to-text: Flux ({@code /v2/listen}, model-driven turns) and Nova
 * ({@code /v1/listen}, results and endpointing). It hears what really arrives, by reading the tones, and decides about
 * turns from the audio alone: how long the silence is and whether the words before it sound finished.
 *
 * <p>Protocol facts: Deepgram's published API description and documentation.
 */
@NullMarked
package ai.callmeback.simulators.deepgram;

import org.jspecify.annotations.NullMarked;
