/** From a person's wall clock to an instant, with a stated rule for the spring gap and the autumn overlap. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.domain.scheduling;
