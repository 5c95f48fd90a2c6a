/** One voice worker among many: known, alive, and gone without leaving its calls behind. */
@NullMarked
package ai.callmeback.voice.worker;

import org.jspecify.annotations.NullMarked;
