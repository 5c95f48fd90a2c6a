/** The worker's connection to Temporal: started when the server is there, and ready when it is polling. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.activities.temporal;
