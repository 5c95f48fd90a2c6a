/** What the caller lets calls cost. */
@NullMarked
package ai.callmeback.api.budget;

import org.jspecify.annotations.NullMarked;
