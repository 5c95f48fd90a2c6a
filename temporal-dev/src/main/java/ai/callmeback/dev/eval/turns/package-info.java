/** The evaluation of turn taking: seeded scenarios, in virtual time, heard by the simulators' ears. */
@NullMarked
package ai.callmeback.dev.eval.turns;

import org.jspecify.annotations.NullMarked;
