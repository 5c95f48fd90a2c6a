/** The demonstration: two calls from promise to settled costs, watched live and checked at the end. */
@NullMarked
package ai.callmeback.dev.demo;

import org.jspecify.annotations.NullMarked;
