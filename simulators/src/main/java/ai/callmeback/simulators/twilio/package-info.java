/**
 * A telephone company at wire level: Twilio Programmable Voice (REST, status callbacks, TwiML, answering machine
 * detection, usage and prices) and Media Streams, built from the vendor's documents and sharing nothing with the
 * product. Calls live on the simulators' thread; HTTP is answered from there.
 */
@org.jspecify.annotations.NullMarked
package ai.callmeback.simulators.twilio;
