/** Settings, secrets and places of the local environment. */
@NullMarked
package ai.callmeback.dev.env;

import org.jspecify.annotations.NullMarked;
