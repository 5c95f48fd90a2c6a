/** Finds out what is wrong with a machine or its settings, and says how to mend it. */
@NullMarked
package ai.callmeback.dev.doctor;

import org.jspecify.annotations.NullMarked;
