/** What the voice path used of each vendor, as cumulative counters. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.domain.usage;
