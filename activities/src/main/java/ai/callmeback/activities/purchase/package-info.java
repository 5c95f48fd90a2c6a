/** The steps of purchases, refunds and disputes, and the relay of the payment vendor's events. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.activities.purchase;
