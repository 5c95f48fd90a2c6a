/** A worker that has never spoken speaks to itself first, so that the first real calls do not meet cold code. */
@NullMarked
package ai.callmeback.voice.rehearsal;

import org.jspecify.annotations.NullMarked;
