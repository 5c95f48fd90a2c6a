/**
 * A stand-in for an OpenAI-compatible chat model. It answers from the messages it receives and from nothing else: a
 * small set of rules for small talk, stories that can be interrupted, facts that were said before ("my code word is
 * marigold"), farewells that call {@code end_call} if it is offered, summaries and classifications by JSON schema.
 *
 * <p>Protocol facts: OpenAI's published API description, Cerebras' and Ollama's deviations from it.
 */
@NullMarked
package ai.callmeback.simulators.llm;

import org.jspecify.annotations.NullMarked;
