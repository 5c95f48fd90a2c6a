/** Encryption of what Temporal stores. The same codec runs in every worker, in the API's client and in its codec server. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.workflows.codec;
