/** One call as a durable workflow: what it is asked, what it asks of others, and how it gets from promise to costs. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.workflows.call;
