/** The life of a purchase, of a refund and of a dispute, as workflows. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.workflows.purchase;
