/** Kills processes before and after what they write and what they ask of vendors, and holds the books against journals. */
@NullMarked
package ai.callmeback.dev.chaos.money;

import org.jspecify.annotations.NullMarked;
