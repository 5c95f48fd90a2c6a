/** Holding our books against vendors' records: the steps, who starts them, and when. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.activities.reconcile;
