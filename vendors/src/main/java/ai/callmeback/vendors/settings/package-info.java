/** Every setting of the platform, typed, validated at start; the environment names are those of {@code callmeback.yml}. */
@NullMarked
package ai.callmeback.vendors.settings;

import org.jspecify.annotations.NullMarked;
