/** The demo user of the local environment. */
@NullMarked
package ai.callmeback.api.demo;

import org.jspecify.annotations.NullMarked;
