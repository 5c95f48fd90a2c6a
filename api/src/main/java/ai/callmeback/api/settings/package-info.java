/** Settings of the API process. */
@NullMarked
package ai.callmeback.api.settings;

import org.jspecify.annotations.NullMarked;
