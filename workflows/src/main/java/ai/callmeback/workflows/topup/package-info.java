/** The saving of a card, as a workflow. What is bought with it is a purchase like any other. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.workflows.topup;
