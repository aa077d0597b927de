import adapter from "@sveltejs/adapter-static";

const folder = "../../build/m/chat";

export default {
  kit: {
    adapter: adapter({ pages: folder, assets: folder, fallback: "index.html" }),
    paths: { base: "/m/chat", relative: false },
    appDir: "app",
  },
};
