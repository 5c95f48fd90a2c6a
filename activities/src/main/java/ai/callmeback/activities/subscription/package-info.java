/** The steps of subscriptions. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.activities.subscription;
