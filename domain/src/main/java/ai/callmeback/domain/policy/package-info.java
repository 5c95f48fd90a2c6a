/** Every bound of the product in one place. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.domain.policy;
