/** The personas a person can pick from. */
@NullMarked
package ai.callmeback.api.persona;

import org.jspecify.annotations.NullMarked;
