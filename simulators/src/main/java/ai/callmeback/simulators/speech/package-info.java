/**
 * Speech coded as tones: audio that carries its own text.
 *
 * <p>Problem: a test must know what was really said and heard, frame by frame, without a recogniser and without a side
 * channel. So a simulated voice says each character as a chord of five tones held for as long as a person would need,
 * and whoever receives the audio reads the text back from it, notices every lost, repeated or swapped 20 ms frame, and
 * sees silence and noise for what they are. The audio has a voice-like level, so that an energy detector works on it.
 *
 * <p>Format: 8 kHz G.711 µ-law, 160 bytes (20 ms) a frame. A frame is the sum of five cosines of equal amplitude, each
 * on a multiple of 50 Hz (so that a frame holds whole periods and frames join without a step):
 *
 * <pre>
 * 300–1050 Hz    high four bits of a UTF-8 byte of the text
 * 1100–1850 Hz   low four bits
 * 1900–2650 Hz   low four bits of the frame counter
 * 2700–3050 Hz   high three bits of the frame counter
 * 3100–3250 Hz   position of the frame within its byte, 0–3
 * </pre>
 *
 * The counter is 0 on the first frame of an utterance and then runs 1…127, 1…127. Letters and digits take three
 * frames, spaces and punctuation four, the trailing bytes of a multi-byte character one: some 16 characters a second.
 */
@NullMarked
package ai.callmeback.simulators.speech;

import org.jspecify.annotations.NullMarked;
