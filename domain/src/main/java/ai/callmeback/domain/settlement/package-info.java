/** Whether an answered or unanswered call is charged, and for how long: one ordered table, kept as data. */
@NullMarked
package ai.callmeback.domain.settlement;

import org.jspecify.annotations.NullMarked;
