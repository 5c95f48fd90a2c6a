/** Cumulative usage counters of running calls, stored as they come, and the cost they add up to so far. */
@NullMarked
package ai.callmeback.db.usage;

import org.jspecify.annotations.NullMarked;
