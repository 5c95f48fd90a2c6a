/** What carries facts between Postgres and Temporal, at least once: outbox, inbox and the sweeper behind them. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.activities.relay;
