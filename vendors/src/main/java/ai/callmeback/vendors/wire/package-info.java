/** Plain Netty plumbing shared by the clients; not for use outside this module. */
@NullMarked
package ai.callmeback.vendors.wire;

import org.jspecify.annotations.NullMarked;
