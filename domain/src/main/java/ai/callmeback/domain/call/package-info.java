/** A call: its states and the one table of moves between them, refusals, the call-back policy. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.domain.call;
