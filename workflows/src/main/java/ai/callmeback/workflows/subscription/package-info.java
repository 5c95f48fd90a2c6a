/** The life of a subscription, as a workflow. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.workflows.subscription;
