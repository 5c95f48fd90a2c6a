/**
 * What every simulator shares: the journal of what really happened, the switches that make a vendor misbehave, and the
 * one thread on which phones, calls and timers live.
 */
@org.jspecify.annotations.NullMarked
package ai.callmeback.simulators.core;
