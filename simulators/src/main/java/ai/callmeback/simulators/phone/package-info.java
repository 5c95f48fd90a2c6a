/**
 * Telephones and the people (scripted, or sitting at the outbox page) who answer them. A phone decodes what it really
 * heard from the audio that reached it; its journal is the truth which tests compare with the product's books.
 */
@org.jspecify.annotations.NullMarked
package ai.callmeback.simulators.phone;
